import DefaultTheme from 'vitepress/theme-without-fonts'; // the system's fonts
import './style.css';

export default DefaultTheme;
